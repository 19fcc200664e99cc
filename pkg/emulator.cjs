"use strict";var emulator=require("./shared/emulator.cjs"),errors=require("./shared/errors.cjs");exports.FlexibleIpEmulator=emulator.FlexibleIpEmulator,exports.ConfigurationError=errors.ConfigurationError,exports.EmulatorTrapError=errors.EmulatorTrapError,exports.FlexipError=errors.FlexipError,exports.isFlexipError=errors.isFlexipError;
//# sourceMappingURL=emulator.cjs.map
