import { type Desk, strictReader } from '../partner/index.ts';

/** The adviser's reply goes into the dossier; a service without its health key never gets here. */
export const replyDesk: Desk = async (delivery, client) => {
  const conforms = await strictReader(client, 'medical-adviser', 'reply');
  const readable = delivery.parts.every(({ audience }) => audience === 'enc-h');
  if (!readable || conforms(delivery.json()).length > 0)
    return { outcome: { outcome: 'refused', code: 'reply.unreadable' } };
  return { outcome: { outcome: 'filed' } };
};
