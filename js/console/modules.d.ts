// Imports whose suffix says what the build makes of a file.
declare module '*?url' {
  const url: string
  export default url
}
declare module '*?sharedworker&url' {
  const url: string
  export default url
}
