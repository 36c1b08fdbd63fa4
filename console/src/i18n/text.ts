/**
 * Texts that people read. The English text is its own key, so a page reads as what it shows, and a
 * catalogue for another language maps it to a translation (`catalogues/<locale>.json`).
 * `en-XA` is a pseudo-locale made from the English: longer, accented, in brackets; what stays plain
 * in it was forgotten here.
 */

type Values = Record<string, string | number>;
type Catalogue = Record<string, string>;

const CATALOGUES = import.meta.glob<Catalogue>("./catalogues/*.json", { import: "default" });
export const PSEUDO = "en-XA";

let catalogue: Catalogue = {};
let texts = "en";
let formats = "en";
let plurals = new Intl.PluralRules("en");

/** The language of numbers and times: that of the texts, with the reader's region where it has one. */
export function locale(): string {
  return formats;
}

/** Load a language before the first text is shown. One without a catalogue is English. */
export async function speak(wanted: string): Promise<void> {
  const base = wanted.split("-")[0] ?? wanted;
  const known = [wanted, base].find((name) => `./catalogues/${name}.json` in CATALOGUES);
  catalogue = known ? ((await CATALOGUES[`./catalogues/${known}.json`]?.()) ?? {}) : {};
  texts = known ?? (wanted === PSEUDO ? PSEUDO : "en");
  formats = base === texts && Intl.NumberFormat.supportedLocalesOf(wanted).length ? wanted : texts;
  plurals = new Intl.PluralRules(texts === PSEUDO ? "en" : texts);
  document.documentElement.lang = texts;
  document.documentElement.dir = /^(ar|fa|he|ur)\b/.test(texts) ? "rtl" : "ltr";
}

/** The text in the reader's language, with `{name}` replaced by values. */
export function t(text: string, values: Values = {}): string {
  const found = catalogue[text] ?? (texts === PSEUDO ? accented(text) : text);
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The form for `count`; `{count}` in it is the number, grouped. */
export function n(count: number, one: string, other: string, values: Values = {}): string {
  const form = plurals.select(count) === "one" ? one : other;
  return t(form, { count: count.toLocaleString(formats), ...values });
}

const ACCENTS: Record<string, string> = {
  a: "á", b: "ƀ", c: "ç", d: "ð", e: "é", f: "ƒ", g: "ĝ", h: "ĥ", i: "í", j: "ĵ", k: "ķ", l: "ļ",
  m: "ɱ", n: "ñ", o: "ó", p: "þ", q: "ǫ", r: "ŕ", s: "š", t: "ţ", u: "ú", v: "ṽ", w: "ŵ", x: "ẋ",
  y: "ý", z: "ž", A: "Á", B: "Ɓ", C: "Ç", D: "Ð", E: "É", F: "Ƒ", G: "Ĝ", H: "Ĥ", I: "Í", J: "Ĵ",
  K: "Ķ", L: "Ļ", M: "Ṁ", N: "Ñ", O: "Ó", P: "Þ", Q: "Ǫ", R: "Ŕ", S: "Š", T: "Ţ", U: "Ú", V: "Ṽ",
  W: "Ŵ", X: "Ẋ", Y: "Ý", Z: "Ž",
};

function accented(text: string): string {
  const letters = text.replace(/(\{\w+\})|([A-Za-z])/g, (_, value: string, letter: string) =>
    value ?? ACCENTS[letter] ?? letter,
  );
  return `[${letters}${"~".repeat(Math.ceil(text.length / 4))}]`;
}
