// What a script is told, and what it prints: one line of JSON for each fact, and for each thing that a phone shall do.
import { isDeepStrictEqual } from 'node:util';

/** Of the run: basePath, origin, accountId, username, password, reader, readerPassword, realm, applicationId. */
export const run = JSON.parse(process.env.SDK_RUN);

const print = line => process.stdout.write(JSON.stringify(line) + '\n');

/** A fact that was checked. */
export const fact = (name, actual, expected) =>
  print({ fact: name, holds: isDeepStrictEqual(actual, expected), expected: expected ?? null, actual: actual ?? null });

/** A fact that is the truth of a value; the value is printed too. */
export const holds = (name, truth, value) => print({ fact: name, holds: truth === true, expected: true, actual: value ?? truth ?? null });

export const press = (user, digits) => print({ phone: user, press: digits });

/** Has the phone that calls dial a number. */
export const dial = (user, number) => print({ phone: user, dial: number });

export const hangUp = user => print({ phone: user });

export const sipUri = user => `sip:${user}@${run.realm}`;

/** Times of the API: ISO 8601 in UTC with milliseconds. */
export const isTime = text => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text);

/** Names of the properties that are null, at any depth: some clients refuse them. */
export const nullsOf = value => value === null || typeof value !== 'object' ? [] : Object.entries(value)
  .flatMap(([name, inner]) => inner === null ? [name] : nullsOf(inner).map(below => `${name}.${below}`));

/** Asks until the answer is true-ish, and returns it. */
export async function until(what, ask, milliseconds = 60_000) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const found = await ask();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`In vain waited for: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
