/** The text in capital letters, as ABAP writes it: what would become longer by that, such as ß, stays. */
export function toCapitals(text: string): string {
  return text.replace(/\p{Ll}/gu, (letter) => {
    const capital = letter.toUpperCase();
    return capital.length === letter.length ? capital : letter;
  });
}
