import r from"./emulator.wasm";import{s as o}from"./shared/emulator-slot.js";export{F as FlexibleIpEmulator}from"./shared/emulator-slot.js";export{C as ConfigurationError,E as EmulatorTrapError,F as FlexipError,p as isFlexipError}from"./shared/errors.js";o(r);
//# sourceMappingURL=emulator-workerd.js.map
