import type { Type } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.ts';
import { SealsController } from './audit/seals.controller.ts';
import { CardsController } from './cards/cards.controller.ts';
import { DirectoryController } from './directory/directory.controller.ts';
import { FlowsController } from './directory/flows.controller.ts';
import { ExchangesController } from './exchanges/exchanges.controller.ts';
import { CandidatesController } from './incoming/candidates.controller.ts';
import { IncomingController } from './incoming/incoming.controller.ts';
import { InsiController } from './insi/insi.controller.ts';
import { MessagesController } from './intake/messages.controller.ts';
import { InteropsController } from './interops/interops.controller.ts';
import { InteropsPortalController } from './interops/portal.controller.ts';
import { MailboxController } from './mailbox/mailbox.controller.ts';
import { MessagesViewController } from './messages/messages-view.controller.ts';
import { DocsController } from './openapi/docs.controller.ts';
import { HealthController } from './operations/health.controller.ts';
import { HeldController } from './operations/held.controller.ts';
import { JwksController } from './operations/jwks.controller.ts';
import { OperationsController } from './operations/operations.controller.ts';
import { OverviewController } from './operations/overview.controller.ts';
import { PartnersController } from './operations/partners/partners.controller.ts';
import { ReplaysController } from './operations/replays.controller.ts';
import { UpkeepController } from './operations/upkeep.controller.ts';
import { EmployerController } from './own-space/employer.controller.ts';
import { WorkerController } from './own-space/worker.controller.ts';
import { AuthController } from './persons/auth.controller.ts';
import { DelegationsController } from './persons/delegations.controller.ts';
import { DmstRequestsController } from './portability/dmst-requests.controller.ts';
import { IdentityController } from './portal/identity.controller.ts';
import { PortalController } from './portal/portal.controller.ts';
import { TokenController } from './psc-exchange/token.controller.ts';
import { PscBrowserController } from './psc-sessions/psc-browser.controller.ts';
import { PscSessionsController } from './psc-sessions/psc-sessions.controller.ts';

/** Every way in. */
export const controllers: readonly Type[] = [
  MessagesController,
  MessagesViewController,
  InsiController,
  MailboxController,
  InteropsController,
  InteropsPortalController,
  ExchangesController,
  CandidatesController,
  IncomingController,
  DmstRequestsController,
  DirectoryController,
  FlowsController,
  OperationsController,
  HeldController,
  OverviewController,
  PartnersController,
  ReplaysController,
  UpkeepController,
  AuditController,
  SealsController,
  JwksController,
  HealthController,
  AuthController,
  DelegationsController,
  PscSessionsController,
  PscBrowserController,
  TokenController,
  CardsController,
  DocsController,
  IdentityController,
  WorkerController,
  EmployerController,
  PortalController,
];
