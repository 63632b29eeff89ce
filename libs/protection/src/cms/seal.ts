/** Signed inside, enveloped outside: in a thread. */
import type { MailSealOrder } from '#core';
import { authEnvelopCms } from './auth-enveloped-data.ts';
import { envelopCms } from './enveloped-data.ts';
import { cmsEntity } from './mime.ts';
import { hasOpenssl } from './openssl.ts';
import { signCms } from './signed-data.ts';

export async function sealMail(mime: Uint8Array, order: MailSealOrder): Promise<Uint8Array> {
  const signed = await cmsEntity(await signCms(Uint8Array.from(mime), order.signer), 'signed-data');
  if (order.cipher === 'aes-256-gcm' && (await hasOpenssl()))
    return cmsEntity(await authEnvelopCms(signed, order.recipients), 'authEnveloped-data');
  return cmsEntity(await envelopCms(Uint8Array.from(signed), order.recipients), 'enveloped-data');
}
