/** Delivery report of the operator (RFC 3464): what became of one recipient. */
import MimeNode from 'nodemailer/lib/mime-node';

export interface ReportOrder {
  /** who is told */
  to: string;
  recipient: string;
  action: 'delivered' | 'failed';
  /** RFC 3463 */
  status: string;
  /** as the sender's client gave them */
  envelopeId?: string;
  originalRecipient?: string;
  /** header lines of the mail reported on */
  headers: string;
}

export async function deliveryReport(order: ReportOrder): Promise<Buffer> {
  const { to, recipient, action, status, envelopeId, originalRecipient, headers } = order;
  const domain = recipient.slice(recipient.lastIndexOf('@') + 1);
  const report = new MimeNode('multipart/report; report-type=delivery-status', { newline: 'windows' });
  report.setHeader('From', `Operateur MSSante <postmaster@${domain}>`);
  report.setHeader('To', to);
  report.setHeader('Subject', action === 'delivered' ? 'Message remis' : 'Message non remis');
  report.setHeader('Auto-Submitted', 'auto-replied');
  const words = action === 'delivered' ? 'Votre message a été remis.' : 'Votre message n’a pas été remis.';
  report.createChild('text/plain; charset=utf-8').setContent(words);
  const fields = [
    `Reporting-MTA: dns; ${domain}`,
    ...(envelopeId === undefined ? [] : [`Original-Envelope-Id: ${envelopeId}`]),
    '',
    ...(originalRecipient === undefined ? [] : [`Original-Recipient: ${originalRecipient}`]),
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    '',
  ];
  report.createChild('message/delivery-status').setContent(fields.join('\r\n'));
  report.createChild('text/rfc822-headers').setContent(headers);
  return report.build();
}
