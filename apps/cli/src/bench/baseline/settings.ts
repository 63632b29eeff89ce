/** What the baseline is told by file: PEM texts, the schema itself, URLs. */
export interface BaselineSettings {
  ca: string;
  server: { cert: string; key: string };
  client: { cert: string; key: string };
  /** encryption certificate of the one recipient */
  recipient: string;
  schema: object;
  amqpUrl: string;
  sink: string;
}
