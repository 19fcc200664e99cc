// Characters that change the direction of a text, written out: what others typed is read in the order in which they typed it.

const controls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** The text to show. Each such character is as JSON writes it. Data, files and requests have the text itself. */
export const writtenOut = (text: string): string => text.replace(controls, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`)
