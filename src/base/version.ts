/** The version of this build, as `imhook version` and logs name it. */
export const VERSION = "0.1.0";
