export{F as FlexibleIpEmulator,l as load}from"./shared/emulator-slot.js";export{C as ConfigurationError,E as EmulatorTrapError,F as FlexipError,p as isFlexipError}from"./shared/errors.js";
//# sourceMappingURL=emulator-slim.js.map
