/** The bodies that Tencent documents for commands outside groups, less the command's own name. */
export const SAMPLE_BODIES: Readonly<
  Record<string, Readonly<Record<string, unknown>>>
> = {
  "Alert.RequestOverLimit": {
    "ServiceName": "openim",
    "Command": "batchsendmsg",
    "Request": 510,
    "Limit": 200,
  },
  "Bot.OnC2CMessage": {
    "From_Account": "jared",
    "To_Account": "Jonh",
    "MsgSeq": 48374,
    "MsgRandom": 2837546,
    "MsgTime": 1557481126,
    "MsgKey": "48374_2837546_1557481126",
    "OnlineOnlyFlag": 1,
    "SendMsgResult": 0,
    "ErrorInfo": "send msg succeed",
    "MsgBody": [
      {
        "MsgType": "TIMTextElem",
        "MsgContent": {
          "Text": "red packet",
        },
      },
    ],
    "CloudCustomData": "your cloud custom data",
    "EventTime": 1670574414123,
  },
  "Bot.OnGroupMessage": {
    "GroupId": "@TGS#2J4SZEAEL",
    "Type": "Public",
    "From_Account": "jared",
    "Operator_Account": "admin",
    "Random": 123456,
    "MsgSeq": 123,
    "MsgTime": 1490686222,
    "OnlineOnlyFlag": 1,
    "MsgBody": [
      {
        "MsgType": "TIMTextElem",
        "MsgContent": {
          "Text": "@@RBT#001 hello",
        },
      },
    ],
    "AtRobots_Account": [
      "@RBT#001",
    ],
    "CloudCustomData": "your cloud custom data",
    "EventTime": 1670574414123,
  },
  "C2C.CallbackAfterC2CMsgExtension": {
    "From_Account": "user1",
    "To_Account": "user2",
    "MsgKey": "93847636_1287657_1764688415",
    "OperateType": 1,
    "ExtensionList": [
      {
        "Key": "k1",
        "Value": "v1",
        "Seq": 1,
      },
      {
        "Key": "k2",
        "Value": "v2",
        "Seq": 1,
      },
      {
        "Key": "k3",
        "Value": "v3",
        "Seq": 1,
      },
    ],
    "Seq": 1,
    "EventTime": 1764688540182,
  },
  "C2C.CallbackAfterMsgReadReceipt": {
    "Operator_Account": "jared",
    "Peer_Account": "Jonh",
    "C2CMsgInfo": [
      {
        "From_Account": "Jonh",
        "To_Account": "jared",
        "MsgKey": "33973751_24064952_1769139583",
        "MsgId": "144115433090395387-1769139578-24064952",
      },
    ],
    "EventTime": 1769139587754,
  },
  "C2C.CallbackAfterMsgReport": {
    "Report_Account": "jared",
    "Peer_Account": "Jonh",
    "LastReadTime": 1614754606,
    "UnreadMsgNum": 7,
  },
  "C2C.CallbackAfterMsgWithDraw": {
    "From_Account": "jared",
    "To_Account": "Jonh",
    "MsgKey": "48374_2837546_1557481126",
    "UnreadMsgNum": 7,
  },
  "C2C.CallbackAfterSendMsg": {
    "From_Account": "jared",
    "To_Account": "Jonh",
    "MsgSeq": 48374,
    "MsgRandom": 2837546,
    "MsgTime": 1557481126,
    "MsgKey": "48374_2837546_1557481126",
    "MsgId": "144115233406643804-1727580296-4026038328",
    "OnlineOnlyFlag": 1,
    "SendMsgResult": 0,
    "ErrorInfo": "send msg succeed",
    "UnreadMsgNum": 7,
    "MsgBody": [
      {
        "MsgType": "TIMTextElem",
        "MsgContent": {
          "Text": "red packet",
        },
      },
    ],
    "CloudCustomData": "your cloud custom data",
  },
  "C2C.CallbackBeforeSendMsg": {
    "From_Account": "jared",
    "To_Account": "John",
    "MsgSeq": 48374,
    "MsgRandom": 2837546,
    "MsgTime": 1557481126,
    "MsgKey": "48374_2837546_1557481126",
    "OnlineOnlyFlag": 1,
    "MsgBody": [
      {
        "MsgType": "TIMTextElem",
        "MsgContent": {
          "Text": "red packet",
        },
      },
    ],
    "CloudCustomData": "your cloud custom data",
  },
  "Chatbot.OnC2CSignalMessage": {
    "From_Account": "user01",
    "To_Account": "@RBT#chatbot",
    "MsgSeq": 5678,
    "MsgRandom": 8765,
    "MsgKey": "8765_5678_4321",
    "EventTime": 1670574414123,
    "Data": '{"msg":"custom data"}',
  },
  "ContentCallback.ResultNotify": {
    "Scene": "C2C",
    "SdkAppId": 1400187352,
    "From_Account": "jared",
    "ContactItem": {
      "ContactType": 1,
      "To_Account": "Jonh",
    },
    "ContentType": "Text",
    "TextContent": [
      "aaabbbccc",
      "1234567",
    ],
    "MsgID": "1434460578_4137340972_1661154487",
    "CtxcbResult": 1,
    "CtxcbRequestId": "241ed925-4c56-4357-95dd-1e6e7798f214",
    "CtxcbKeywords": [
      "aaabbbccc",
      "1234567",
    ],
    "CtxcbSuggestion": "Review",
    "CtxcbLabel": "Sexy",
    "CtxcbSubLabel": "InsinuationPorn",
    "CtxcbSubLabelDesc": "XXXX",
    "CtxcbLibName": "test",
    "CloudCustomData": "aaabbbccc",
  },
  "Follow.CallbackAfterFollowAdd": {
    "From_Account": "UserID_001",
    "FollowList": [
      {
        "To_Account": "UserID_002",
      },
      {
        "To_Account": "UserID_003",
      },
    ],
    "EventTime": 1702018343678,
  },
  "Follow.CallbackAfterFollowDelete": {
    "From_Account": "UserID_001",
    "To_Account": [
      "UserID_002",
      "UserID_003",
    ],
    "EventTime": 1702018343678,
  },
  "OfficialAccount.CallbackAfterAddSubscriber": {
    "Official_Account": "@TOA#_test_for_penn",
    "Operator_Account": "107867",
    "SubscribeAccountList": [
      {
        "Subscriber_Account": "jared",
      },
      {
        "Subscriber_Account": "leckie",
      },
    ],
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackAfterCreateOfficialAccount": {
    "Official_Account": "@TOA#_test_OA_for_penn",
    "Operator_Account": "107867",
    "Owner_Account": "107867",
    "Name": "TestOfficialAccount",
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackAfterDeleteSubscriber": {
    "Official_Account": "@TOA#_test_OA_for_penn",
    "Operator_Account": "leckie",
    "SubscribeAccountList": [
      {
        "Subscriber_Account": "jared",
      },
      {
        "Subscriber_Account": "leckie",
      },
    ],
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackAfterMsgWithDraw": {
    "Official_Account": "#TOA#_123",
    "WithdrawMsgList": [
      {
        "MsgKey": "71_1_1698741698",
      },
    ],
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackAfterOfficialAccountDestroyed": {
    "Official_Account": "@TOA#_test_OA_for_penn",
    "Owner_Account": "107867",
    "Name": "TestOfficialAccount",
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackAfterOfficialAccountFull": {
    "Official_Account": "@TOA#_test_OA_for_penn",
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackAfterOfficialAccountInfoChanged": {
    "Official_Account": "@TOA#_test_OA_for_penn",
    "Operator_Account": "leckie",
    "Introduction": "NewNotification",
    "Name": "NewName",
    "FaceUrl": "http://this.is.newface.url",
    "Organization": "NewOrganization",
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackAfterSendMsg": {
    "Official_Account": "@TOA#_2J4SZEAEL",
    "MsgKey": "71_1_1698741698",
    "MsgTime": 1490686222,
    "OnlineOnlyFlag": 1,
    "MsgBody": [
      {
        "MsgType": "TIMTextElem",
        "MsgContent": {
          "Text": "red packet",
        },
      },
    ],
    "CloudCustomData": "your cloud custom data",
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackBeforeAddSubscriber": {
    "Official_Account": "@TOA#_test_for_penn",
    "Operator_Account": "107867",
    "SubscribeAccountList": [
      {
        "Subscriber_Account": "jared",
      },
      {
        "Subscriber_Account": "leckie",
      },
    ],
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackBeforeCreateOfficialAccount": {
    "Operator_Account": "107867",
    "Owner_Account": "107867",
    "Name": "TestOfficialAccount",
    "EventTime": 1670574414123,
  },
  "OfficialAccount.CallbackBeforeSendMsg": {
    "Official_Account": "@TOA#_2J4SZEAEL",
    "OnlineOnlyFlag": 1,
    "MsgBody": [
      {
        "MsgType": "TIMTextElem",
        "MsgContent": {
          "Text": "red packet",
        },
      },
    ],
    "CloudCustomData": "your cloud custom data",
    "EventTime": 1670574414123,
  },
  "Profile.CallbackPortraitSet": {
    "Operator_Account": "id1",
    "From_Account": "id1",
    "EventTime": 1656921052497,
    "ProfileItem": [
      {
        "Tag": "Tag_Profile_IM_Nick",
        "Value": "nick1",
      },
      {
        "Tag": "Tag_Profile_IM_Gender",
        "Value": "Gender_Type_Male",
      },
      {
        "Tag": "Tag_Profile_IM_AllowType",
        "Value": "AllowType_Type_NeedConfirm",
      },
      {
        "Tag": "Tag_Profile_Custom_Data",
        "Value": "your custom data",
      },
    ],
  },
  "Push.AllMemberPush": {
    "Events": [
      {
        "CallbackCommand": "Push.AllMemberPush",
        "EventType": 1,
        "TaskId": "657bf434_537529d8_2000005e80aa873_2780d131_bc614e",
        "TaskTime": 1557481127,
        "EventTime": 1557481128,
        "To_Account": "user2",
        "PushPlatform": 1,
        "PushStage": 1,
        "ErrCode": 0,
        "ErrInfo": "OK",
      },
      {
        "CallbackCommand": "Push.AllMemberPush",
        "EventType": 2,
        "TaskId": "657bf434_537529d8_2000005e80aa873_2780d131_9",
        "TaskTime": 1557481127,
        "EventTime": 1557481129,
        "To_Account": "user3",
        "PushPlatform": 0,
        "PushStage": 1,
        "ErrCode": 0,
        "ErrInfo": "OK",
      },
    ],
  },
  "Push.OfflinePush": {
    "Events": [
      {
        "CallbackCommand": "Push.OfflinePush",
        "EventType": 1,
        "EventTime": 1557481127,
        "From_Account": "user1",
        "To_Account": "user2",
        "PushPlatform": 1,
        "PushStage": 1,
        "MsgKey": "48374_2837546_1557481126",
        "MsgSeq": 48374,
        "MsgRandom": 2837546,
        "MsgTime": 1557481126,
        "PushID": "67120c46_6a4086c0_9bf5fb50_200002d1089b322_2000005d8d46421",
        "ErrCode": 0,
        "ErrInfo": "OK",
      },
      {
        "CallbackCommand": "Push.OfflinePush",
        "EventType": 2,
        "EventTime": 1557481127,
        "From_Account": "user2",
        "To_Account": "user3",
        "PushPlatform": 1,
        "PushStage": 1,
        "GroupID": "@TGS#12DEVUDHQ",
        "MsgSeq": 48375,
        "MsgRandom": 2837546,
        "MsgTime": 1557481126,
        "PushID": "6710c631_85_392fcbcff_200000b2f2c6820_200002c869bfb81",
        "ErrCode": 0,
        "ErrInfo": "OK",
      },
    ],
  },
  "Sns.CallbackBlackListAdd": {
    "PairList": [
      {
        "From_Account": "id",
        "To_Account": "id1",
      },
      {
        "From_Account": "id",
        "To_Account": "id2",
      },
      {
        "From_Account": "id",
        "To_Account": "id3",
      },
    ],
  },
  "Sns.CallbackBlackListDelete": {
    "PairList": [
      {
        "From_Account": "id",
        "To_Account": "id1",
      },
      {
        "From_Account": "id",
        "To_Account": "id2",
      },
      {
        "From_Account": "id",
        "To_Account": "id3",
      },
    ],
  },
  "Sns.CallbackFriendAdd": {
    "PairList": [
      {
        "From_Account": "id",
        "To_Account": "id1",
        "Initiator_Account": "id",
      },
      {
        "From_Account": "id",
        "To_Account": "id2",
        "Initiator_Account": "id",
      },
      {
        "From_Account": "id",
        "To_Account": "id3",
        "Initiator_Account": "id",
      },
    ],
    "ClientCmd": "friend_add",
    "Admin_Account": "",
    "ForceFlag": 1,
  },
  "Sns.CallbackFriendDelete": {
    "PairList": [
      {
        "From_Account": "id",
        "To_Account": "id1",
      },
      {
        "From_Account": "id",
        "To_Account": "id2",
      },
      {
        "From_Account": "id",
        "To_Account": "id3",
      },
    ],
  },
  "Sns.CallbackPrevFriendAdd": {
    "Requester_Account": "id",
    "From_Account": "id",
    "FriendItem": [
      {
        "To_Account": "id1",
        "Remark": "remark1",
        "GroupName": "group1",
        "AddSource": "AddSource_Type_Android",
        "AddWording": "this is id1!",
      },
      {
        "To_Account": "id2",
        "Remark": "remark2",
        "GroupName": "group1",
        "AddSource": "AddSource_Type_Android",
        "AddWording": "this is id2!",
      },
    ],
    "AddType": "Add_Type_Both",
    "ForceAddFlags": 0,
    "EventTime": 1631777344870,
  },
  "Sns.CallbackPrevFriendResponse": {
    "Requester_Account": "id",
    "From_Account": "id",
    "ResponseFriendItem": [
      {
        "To_Account": "id1",
        "Remark": "remark1",
        "TagName": "group1",
        "ResponseAction": "Response_Action_AgreeAndAdd",
      },
      {
        "To_Account": "id2",
        "Remark": "remark2",
        "TagName": "group2",
        "ResponseAction": "Response_Action_Reject",
      },
    ],
    "EventTime": 1631777645424,
  },
  "State.StateChange": {
    "EventTime": 1629883332497,
    "Info": {
      "Action": "Login",
      "To_Account": "testuser316",
      "Reason": "Register",
    },
    "KickedDevice": [
      {
        "Platform": "Windows",
      },
      {
        "Platform": "Android",
      },
    ],
  },
};
