export{F as FlexibleIpEmulator}from"./shared/emulator.js";export{C as ConfigurationError,E as EmulatorTrapError,F as FlexipError,p as isFlexipError}from"./shared/errors.js";
//# sourceMappingURL=emulator.js.map
