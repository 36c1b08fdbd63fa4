/** A text in which what stands between backticks is code. */
export function Marked({ text }: { text: string }) {
  return text
    .split("`")
    .map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part));
}
