/** Everything that an operator's IMAP server can do wrong, on demand. */
export interface ImapBehaviour {
  /** STARTTLS not offered: stripped on the way */
  noStartTls?: boolean;
  /** offered, and refused */
  refusesStartTls?: boolean;
  /** plaintext slipped in behind its answer to STARTTLS */
  injects?: boolean;
  /** a message announced as that many bytes, whatever its size was said to be */
  literalBytes?: number;
  /** an answer without end */
  endlessLine?: boolean;
  /** hangs up as soon as a client idles */
  dropsIdle?: boolean;
  /** every look has other uids */
  otherUidValidity?: boolean;
  /** hangs up where flags are to be stored: what was done is not marked */
  dropsStore?: boolean;
  /** keywords are not kept */
  noKeywords?: boolean;
  /** does not know SASL EXTERNAL */
  noExternal?: boolean;
  /** no answer to any command after the login */
  stalls?: boolean;
}
