"use strict";var module$1=require("./emulator.wasm?module"),emulatorSlot=require("./shared/emulator-slot.cjs"),errors=require("./shared/errors.cjs");emulatorSlot.setSource(module$1),exports.FlexibleIpEmulator=emulatorSlot.FlexibleIpEmulator,exports.ConfigurationError=errors.ConfigurationError,exports.EmulatorTrapError=errors.EmulatorTrapError,exports.FlexipError=errors.FlexipError,exports.isFlexipError=errors.
isFlexipError;
//# sourceMappingURL=emulator-edge.cjs.map
