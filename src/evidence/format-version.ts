/** The version that this program writes, and the only one that it reads: what an older file lacks cannot be told from nothing. */
export const FORMAT_VERSION = 3;
