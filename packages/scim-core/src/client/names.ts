/** Names are the same if they differ by case or by Unicode form only. */
export function sameName(a: string, b: string): boolean {
  return nameKey(a) === nameKey(b);
}

/** What all spellings of a name have in common. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
