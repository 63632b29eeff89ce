/** Apache PDFBox Preflight: the judge of PDF/A-1b. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './programs.ts';

const JARS = [
  'preflight',
  'pdfbox2',
  'xmpbox',
  'fontbox2',
  'commons-logging',
  'javax.activation',
  'jaxb-api',
];
const PREFLIGHT = `
import java.io.File;
import org.apache.pdfbox.preflight.*;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

public class Preflight {
  public static void main(String[] files) throws Exception {
    for (String file : files) {
      ValidationResult result;
      PreflightParser parser = new PreflightParser(new File(file));
      try {
        parser.parse();
        try (PreflightDocument document = parser.getPreflightDocument()) {
          document.validate();
          result = document.getResult();
        }
      } catch (SyntaxValidationException e) {
        result = e.getResult();
      }
      System.out.println(result.isValid() ? "VALID" : "INVALID");
      for (ValidationResult.ValidationError error : result.getErrorsList())
        System.out.println(error.getErrorCode() + " " + error.getDetails());
    }
  }
}`;

/** `VALID` or `INVALID` and why, a line each. */
export function preflight(folder: string, files: readonly string[]): string {
  const judge = join(folder, 'Preflight.java');
  writeFileSync(judge, PREFLIGHT);
  const path = JARS.map((jar) => `/usr/share/java/${jar}.jar`).join(':');
  return run('java', ['-cp', path, judge, ...files]).toString('utf8');
}
