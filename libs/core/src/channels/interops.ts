/** An INTEROPS-A partner: what the convention says (facts §6.4). */
export interface InteropsChannel {
  /** its SOAP service, https; absent = it only calls */
  endpoint?: string;
}
