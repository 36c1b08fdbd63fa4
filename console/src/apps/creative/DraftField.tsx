import { createContext, useContext } from "react";
import type { FaultView } from "@/api/schema";
import { Field } from "@/ui/Field";
import { faultsAt, textAt, type Draft } from "./draft";
import { faultWord } from "./faultWords";

/** The draft, its faults, and how to change it; for every field below. */
export interface Editing {
  draft: Draft;
  faults: FaultView[];
  /** Whether the faults of this place are to be seen yet. */
  shown: (pointer: string) => boolean;
  touch: (pointer: string) => void;
  change: (pointer: string, value: unknown) => void;
}

export const EditingContext = createContext<Editing | undefined>(undefined);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error("A field of a brief is outside of its form.");
  return editing;
}

/** What is wrong at a place of the draft, if it is to be seen yet. */
export function useFault(pointer: string): string | undefined {
  const { faults, shown } = useEditing();
  if (!shown(pointer)) return undefined;
  const found = faultsAt(faults, pointer);
  return found.length ? found.map(faultWord).join(" ") : undefined;
}

interface Props {
  pointer: string;
  label: string;
  about?: string;
  placeholder?: string;
  /** Its place stays in the draft when it is empty. */
  needed?: boolean;
  lines?: number;
}

/** A text of the draft. */
export function DraftField({ pointer, label, about, placeholder, needed, lines }: Props) {
  const { draft, change, touch } = useEditing();
  const shared = {
    value: textAt(draft, pointer),
    placeholder,
    onBlur: () => touch(pointer),
    onChange: (event: { target: { value: string } }) => {
      touch(pointer);
      change(pointer, event.target.value || (needed ? "" : undefined));
    },
  };
  return (
    <Field label={label} about={about} fault={useFault(pointer)}>
      {lines ? (
        <textarea rows={lines} dir="auto" {...shared} />
      ) : (
        <input type="text" dir="auto" autoComplete="off" {...shared} />
      )}
    </Field>
  );
}
