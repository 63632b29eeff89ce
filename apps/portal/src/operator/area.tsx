import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { ContractPage } from './contract-page.tsx';
import { ContractsPage } from './contracts-page.tsx';
import { DeliveriesPage } from './deliveries-page.tsx';
import { MessagePage } from './message-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { PartnerPage } from './partners/partner-page.tsx';
import { PartnersPage } from './partners/partners-page.tsx';
import { ReplayPage } from './replay-page.tsx';

/** Who runs Relais: nothing medical, nobody's name. */
export const operatorArea: Area = {
  serves: (role) => role === 'operator',
  places: [
    { href: '/exploitation', says: 'Vue d’ensemble' },
    { href: '/exploitation/remises', says: 'Remises' },
    { href: '/exploitation/rejeu', says: 'Rejeu' },
    { href: '/exploitation/contrats', says: 'Contrats' },
    { href: '/exploitation/partenaires', says: 'Partenaires' },
  ],
  pages: [
    <Route key="overview" path="/exploitation" component={OverviewPage} />,
    <Route key="contracts" path="/exploitation/contrats" component={ContractsPage} />,
    <Route key="contract" path="/exploitation/contrats/:flow">
      {({ flow }) => <ContractPage flow={flow} />}
    </Route>,
    <Route key="partners" path="/exploitation/partenaires" component={PartnersPage} />,
    <Route key="partner" path="/exploitation/partenaires/:id">
      {({ id }) => <PartnerPage id={id} />}
    </Route>,
    <Route key="deliveries" path="/exploitation/remises" component={DeliveriesPage} />,
    <Route key="replay" path="/exploitation/rejeu" component={ReplayPage} />,
    <Route key="message" path="/exploitation/messages/:id">
      {({ id }) => <MessagePage id={id} />}
    </Route>,
  ],
};
