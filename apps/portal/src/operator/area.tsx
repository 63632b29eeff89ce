import { Route } from 'wouter';
import type { Area } from '../area.ts';
import { ContractPage } from './contract-page.tsx';
import { ContractsPage } from './contracts-page.tsx';
import { DeliveriesPage } from './deliveries-page.tsx';
import { MessagePage } from './message-page.tsx';
import { OverviewPage } from './overview-page.tsx';
import { ReplayPage } from './replay-page.tsx';

/** Who runs Relais: nothing medical, nobody's name. */
export const operatorArea: Area = {
  serves: (role) => role === 'operator',
  places: [
    { href: '/exploitation', says: 'Vue d’ensemble' },
    { href: '/exploitation/remises', says: 'Remises' },
    { href: '/exploitation/rejeu', says: 'Rejeu' },
    { href: '/exploitation/contrats', says: 'Contrats' },
  ],
  pages: [
    <Route key="overview" path="/exploitation" component={OverviewPage} />,
    <Route key="contracts" path="/exploitation/contrats" component={ContractsPage} />,
    <Route key="contract" path="/exploitation/contrats/:flow">
      {({ flow }) => <ContractPage flow={flow} />}
    </Route>,
    <Route key="deliveries" path="/exploitation/remises" component={DeliveriesPage} />,
    <Route key="replay" path="/exploitation/rejeu" component={ReplayPage} />,
    <Route key="message" path="/exploitation/messages/:id">
      {({ id }) => <MessagePage id={id} />}
    </Route>,
  ],
};
