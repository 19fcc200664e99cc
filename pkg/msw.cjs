"use strict";var emulatorParts=require("./shared/emulator-parts.cjs");exports.flexibleIpHandlers=emulatorParts.flexibleIpHandlers;
//# sourceMappingURL=msw.cjs.map
