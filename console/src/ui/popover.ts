/** Open or close a popover below a button, within the window. */
export function openBelow(button: HTMLElement, popover: HTMLElement): void {
  const box = button.getBoundingClientRect();
  popover.togglePopover();
  const left = Math.min(box.left, innerWidth - popover.offsetWidth - 8);
  popover.style.left = `${Math.max(8, left)}px`;
  popover.style.top = `${Math.max(8, Math.min(box.bottom + 4, innerHeight - popover.offsetHeight - 8))}px`;
}
