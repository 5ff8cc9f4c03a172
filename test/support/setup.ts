import fc from "fast-check";

// vitest.config.ts chooses the seed and the reporter prints it: LEASETAP_SEED=… repeats a run.
fc.configureGlobal({ seed: Number(process.env["LEASETAP_SEED"]) });
