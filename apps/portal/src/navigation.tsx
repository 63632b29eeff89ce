import { type RefObject, useEffect } from 'react';
import { useLocation } from 'wouter';
import type { Area } from './area.ts';
import { areasOf } from './areas.tsx';
import type { Role } from './session/session.ts';

/** Where in the navigation the page stands: the closest above it. */
export function usePlace(role: Role | undefined): Area['places'][number] | undefined {
  const [address] = useLocation();
  return areasOf(role)
    .flatMap(({ places }) => places)
    .filter(({ href }) => address === href || address.startsWith(`${href}/`))
    .sort((a, b) => b.href.length - a.href.length)[0];
}

/**
 * The page is there: the window is called after its place, never after what it shows, and reading goes on in it.
 * @param left the address before this one; none as the portal opens
 */
export function Arrived({
  address,
  left,
  says,
}: {
  address: string;
  left: RefObject<string | undefined>;
  says: string | undefined;
}) {
  useEffect(() => {
    document.title = says === undefined ? 'Relais' : `${says} · Relais`;
    // the root only leads to one's first page
    if (address === '/') return;
    if (left.current !== undefined && left.current !== address) {
      const page = document.getElementById('contenu');
      page?.setAttribute('tabindex', '-1');
      page?.focus();
    }
    left.current = address;
  }, [address, left, says]);
  return null;
}
