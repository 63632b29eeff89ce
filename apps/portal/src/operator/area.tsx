import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { later } from '../later.ts';

const ContractPage = later(() => import('./contract-page.tsx'), 'ContractPage');
const ContractsPage = later(() => import('./contracts-page.tsx'), 'ContractsPage');
const DeliveriesPage = later(() => import('./deliveries-page.tsx'), 'DeliveriesPage');
const MessagePage = later(() => import('./message-page.tsx'), 'MessagePage');
const OverviewPage = later(() => import('./overview-page.tsx'), 'OverviewPage');
const PartnerPage = later(() => import('./partners/partner-page.tsx'), 'PartnerPage');
const PartnersPage = later(() => import('./partners/partners-page.tsx'), 'PartnersPage');
const ReplayPage = later(() => import('./replay-page.tsx'), 'ReplayPage');

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
