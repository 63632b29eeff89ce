/** Opens an envelope and believes only what a signature inside covers: in a thread. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ContentInfo } from 'pkijs';
import type { OpenedMail } from '#core';
import { openAuthEnvelope } from './auth-enveloped-data.ts';
import { CmsRefusal } from './cms-refusal.ts';
import { openEnvelope } from './enveloped-data.ts';
import { readCmsEntity } from './mime.ts';
import { AUTH_ENVELOPED_DATA, ENVELOPED_DATA } from './oids.ts';
import { parsed } from './parsed.ts';
import { verifyCms } from './signed-data.ts';

export interface OpenOrder {
  certificate: string;
  key: string;
}

/** @throws CmsRefusal, whatever is wrong with the mail; anything else is wrong with the order */
export async function openMail(mime: Uint8Array, order: OpenOrder): Promise<OpenedMail> {
  const own = new X509Certificate(order.certificate);
  if (!own.checkPrivateKey(createPrivateKey(order.key))) throw new Error('not the key of that certificate');
  try {
    const { der, detached } = await readCmsEntity(mime);
    if (detached !== undefined) throw new CmsRefusal();
    const inside = await readCmsEntity(await contentOf(der, order));
    return await verifyCms(inside.der, inside.detached);
  } catch (error) {
    throw new CmsRefusal(error);
  }
}

function contentOf(der: Uint8Array, order: OpenOrder): Promise<Uint8Array> {
  const info = new ContentInfo({ schema: parsed(der) });
  if (info.contentType === ENVELOPED_DATA) return openEnvelope(info, order);
  if (info.contentType === AUTH_ENVELOPED_DATA) return openAuthEnvelope(der, info.content, order);
  throw new CmsRefusal();
}
