// Whether a text has room, without asking the page: it would lay itself out for the answer.

/** A font that comes later may be wider than the one that is there. */
const reserve = 1.1

let canvas: CanvasRenderingContext2D | null | undefined

/** Whether a text in the font of the page is surely not wider than so many pixels. */
export function fits(text: string, width: number): boolean {
  if (canvas === undefined) {
    canvas = document.createElement('canvas').getContext('2d')
    const { fontSize, fontFamily } = getComputedStyle(document.body)
    if (canvas) canvas.font = `${fontSize} ${fontFamily}`
  }
  return canvas !== null && canvas.measureText(text).width * reserve <= width
}
