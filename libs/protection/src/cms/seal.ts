/** Signed inside, enveloped outside: in a thread. */
import type { MailSealOrder } from '#core';
import { authEnvelopCms } from './auth-enveloped-data.ts';
import { envelopCms } from './enveloped-data.ts';
import { cmsEntity } from './mime.ts';
import { hasOpenssl } from './openssl.ts';
import { signCms } from './signed-data.ts';

/** @returns undefined when GCM was asked for and nothing here makes it: a weaker envelope is nobody's to choose */
export async function sealMail(mime: Uint8Array, order: MailSealOrder): Promise<Uint8Array | undefined> {
  const isGcm = order.cipher === 'aes-256-gcm';
  if (isGcm && !(await hasOpenssl())) return undefined;
  const signed = await cmsEntity(await signCms(Uint8Array.from(mime), order.signer), 'signed-data');
  return isGcm
    ? cmsEntity(await authEnvelopCms(signed, order.recipients), 'authEnveloped-data')
    : cmsEntity(await envelopCms(Uint8Array.from(signed), order.recipients), 'enveloped-data');
}
