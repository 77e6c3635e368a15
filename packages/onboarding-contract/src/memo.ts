/** Key of the memo that holds the digest of the definition a run works on. */
export const DIGEST_MEMO = 'definitionDigest';
