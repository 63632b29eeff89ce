/**
 * The same story in XML, shaped after the INTEROPS trace (application traces under a reconciliation key). The official
 * field-level schema was not available: element names are ours, and no conformity is claimed.
 */
import { XmlDocument } from 'libxml2-wasm';
import type { Trace } from './messages.service.ts';

export function traceXml(trace: Trace): string {
  const doc = XmlDocument.create();
  try {
    const root = doc.createRoot('TraceApplicative', 'urn:relais:trace:1', '');
    root.setAttr('cleReconciliation', trace.id);
    root.setAttr('flux', trace.flow);
    for (const step of trace.steps) {
      const element = root.addElement('Etape');
      element.setAttr('id', step.id);
      element.setAttr('instant', step.at);
      element.setAttr('nature', step.kind);
      element.setAttr('acteur', step.actor);
      if (step.deliveryId !== undefined) element.setAttr('remise', step.deliveryId);
      for (const [name, value] of Object.entries(step.details ?? {})) {
        const detail = element.addElement('Detail');
        detail.setAttr('nom', name);
        detail.addText(String(value));
      }
    }
    return doc.toString();
  } finally {
    doc.dispose();
  }
}
