export{o as flexibleIpHandlers}from"./shared/emulator-parts.js";
//# sourceMappingURL=msw.js.map
