/** @throws Error that names the flag, if the text is no whole number from 1 to `most` */
export function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`${flag} is a whole number from 1 to ${most}`);
  return value;
}
