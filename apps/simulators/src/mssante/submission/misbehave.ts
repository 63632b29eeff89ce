/** Everything that an operator's submission server can do wrong, or somebody between it and its client. */
export interface SubmissionBehaviour {
  /** STARTTLS is not offered, and refused when asked: stripped on the way */
  noStartTls?: boolean;
  /** plaintext slipped in behind its answer to STARTTLS */
  injects?: string;
  /** this server certificate in place of its own, PEM */
  shows?: { cert: string; key: string };
  /** every such command is answered so */
  answers?: { to: 'MAIL' | 'RCPT' | 'DATA'; code: number; text: string };
  /** hangs up: as soon as it is connected to, or once it holds the mail and before it says so */
  drops?: 'connect' | 'after-data';
  /** waits before each chunk that it sends */
  slowMs?: number;
  /** takes the mail and delivers it nowhere */
  loses?: boolean;
  /** takes nothing without an envelope sender: notifications come with none */
  needsSender?: boolean;
  /** no delivery reports */
  noReports?: boolean;
}
