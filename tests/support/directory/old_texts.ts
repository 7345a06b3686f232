/** A group as version 2 of the directory kept it: created on 2026-01-01 by root, with owner a and member b. */
export const GROUP_OF_VERSION_2 =
  '[["01767225600002d7b9d7f8e001","0176722560000051eb9ce188f7",' +
  '"01767225600001379500d83697","0176722560000416210e9090a2"],1,"g",' +
  '{"type":["Public",0],"owner":["a",1],"creator":["root",1],"name":["群",1],' +
  '"custom:k":["v",1],"attribute:x":["1",2],"attribute:y":[null,0],' +
  '"isFull":[false,3]},1,2,[],1767225600003,1767225600005,1767225600000]';

/** Its member b. */
export const MEMBER_OF_VERSION_2 =
  '[["0176722560000051eb9ce188f7",1,"Create","root"],' +
  '{"role":["Admin","01767225600003f3ba2a69df56"]}]';
