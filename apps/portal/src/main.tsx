import { StrictMode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './style.css';

const place = document.getElementById('portail');
if (place === null) throw new Error('no place for the portal in its page');
createRoot(place).render(
  <StrictMode>
    <I18nProvider locale="fr-FR">
      <App />
    </I18nProvider>
  </StrictMode>,
);
