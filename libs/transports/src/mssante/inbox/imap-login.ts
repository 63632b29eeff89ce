/** imapflow, and the one thing that it does not know: SASL EXTERNAL (RFC 4422 app. A), by which a certificate opens a mailbox. */
import { ImapFlow } from 'imapflow';

/** Members of imapflow 2.1.2 that its typings leave out. Were they to change, no mailbox would open: there is no password. */
interface Commands {
  capabilities: Map<string, unknown>;
  exec(
    command: string,
    attributes: readonly { type: 'ATOM'; value: string }[],
    options: { onPlusTag(): Promise<void> },
  ): Promise<{ next(): void }>;
  write(line: string): void;
  setAuthenticationState(): Promise<void>;
}

export class ImapLogin extends ImapFlow {
  /** address of the mailbox that the client certificate opens; absent = a token does */
  external?: string;

  /** Called by imapflow once the connection is protected. */
  async authenticate(): Promise<boolean> {
    const commands = this as unknown as Commands;
    if (this.external === undefined) {
      const byToken = Object.getPrototypeOf(ImapLogin.prototype) as { authenticate(): Promise<boolean> };
      return byToken.authenticate.call(this);
    }
    if (!commands.capabilities.has('AUTH=EXTERNAL')) throw refused('no EXTERNAL');
    const identity = Buffer.from(this.external).toString('base64');
    const initial = commands.capabilities.has('SASL-IR');
    const attributes = ['EXTERNAL', ...(initial ? [identity] : [])];
    let answered = initial;
    try {
      const response = await commands.exec(
        'AUTHENTICATE',
        attributes.map((value) => ({ type: 'ATOM', value })),
        {
          // asked a second time, there is nothing more to say: RFC 3501 §6.2.2
          onPlusTag: async () => {
            commands.write(answered ? '*' : identity);
            answered = true;
          },
        },
      );
      response.next();
    } catch (error) {
      throw refused('refused', error);
    }
    await commands.setAuthenticationState();
    return true;
  }
}

function refused(what: string, cause?: unknown): Error {
  return Object.assign(new Error(`EXTERNAL: ${what}`, { cause }), { authenticationFailed: true });
}
