/** One content to send, as a flow's generator yields it. */
export interface Generated {
  /** an object of the flow's contract */
  object: string;
  json: unknown;
}
