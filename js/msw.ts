// flexip/msw: the emulator as request handlers of Mock Service Worker 2.
export { type Fetchable, type HandlerOptions, type MswHttp, flexibleIpHandlers } from './emulator/msw-handlers.js'
