import { Component, type ReactNode } from 'react';
import { Notice } from './notice.tsx';

interface State {
  failed: boolean;
}

/** A page whose script did not come (the line broke, or Relais was renewed meanwhile) says so, and how to get it. */
export class PageBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main id="contenu">
        <h1>Page non chargée</h1>
        <Notice tone="problem">
          Cette page n’a pas pu être chargée. Vérifiez votre connexion, puis rechargez.
        </Notice>
        <p>
          <a href={location.pathname}>Recharger</a>
        </p>
      </main>
    );
  }
}
