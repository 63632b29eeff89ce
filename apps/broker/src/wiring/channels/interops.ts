/** INTEROPS: the calling transport, the called service, its traces, and the answers that are fetched. */
import { readFileSync } from 'node:fs';
import type { Clock, Directory, XmlCipher, XmlSignatures } from '#core';
import { BrokerError, type InForceFlows } from '#core';
import { EncryptionKeys, type TrustStore } from '#protection';
import type { Store } from '#storage';
import { InteropsSoap } from '#transports';
import type { Configuration } from '../../config/environment.ts';
import { FlowsInForce } from '../../directory/flows-in-force.ts';
import type { Log } from '../../engine/log.ts';
import { uuidv7 } from '../../engine/stage-ports.ts';
import { Take } from '../../intake/take.ts';
import { InteropsInbound } from '../../interops/inbound.ts';
import { InteropsPoll } from '../../interops/poll-reader.ts';
import { InteropsSweep } from '../../interops/sweep-reader.ts';
import { InteropsTraces } from '../../interops/traces.ts';
import { vectorPorts } from '../../interops/vector-ports.ts';
import { MailboxService } from '../../mailbox/mailbox.service.ts';
import { MessagesService } from '../../messages/messages.service.ts';
import {
  CLOCK,
  CONFIGURATION,
  DIRECTORY,
  FLOWS,
  IGC_TRUST,
  LOG,
  STORE,
  XML_CIPHER,
  XML_SIGNATURES,
} from '../../tokens.ts';
import type { ChannelWiring } from './wiring.ts';

const VECTORS = Symbol('interops-vectors');
