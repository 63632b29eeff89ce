import { useEffect } from 'react';

const IDLE_MS = 10 * 60_000;
const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** pages of the same person tell each other that somebody is there, this often at most */
const TELL_MS = 5_000;

/** Calls once nobody has touched this page, nor another of the portal in this browser, for ten minutes. */
export function useIdle(active: boolean, onIdle: () => void): void {
  useEffect(() => {
    if (!active) return;
    const others = new BroadcastChannel('relais-seen');
    let timer = setTimeout(onIdle, IDLE_MS);
    let told = 0;
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(onIdle, IDLE_MS);
    };
    const seen = () => {
      again();
      if (Date.now() - told < TELL_MS) return;
      told = Date.now();
      others.postMessage('');
    };
    others.onmessage = again;
    for (const sign of SIGNS) addEventListener(sign, seen, { passive: true });
    return () => {
      clearTimeout(timer);
      others.close();
      for (const sign of SIGNS) removeEventListener(sign, seen);
    };
  }, [active, onIdle]);
}
