// Ends with 0 when each file is a CycloneDX document after the strict schema of its version, and says what is not.
import { readFileSync } from 'node:fs';
import { Validation } from '@cyclonedx/cyclonedx-library';

for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'utf8');
  const problems = await new Validation.JsonStrictValidator(JSON.parse(text).specVersion).validate(text);
  if (problems !== null) {
    console.error(`${file}: ${JSON.stringify(problems)}`);
    process.exitCode = 1;
  }
}
