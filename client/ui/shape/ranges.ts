/** The ranges of the sampling controls, shared by the jam and the compose view. */

/** A dial's range with its words. */
export interface DialRange {
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where a double click goes. */
  readonly usual: number;
}

/** 0.1-1.5, as `Controls.temperature` says. */
export const TEMPERATURE: DialRange = {
  label: "daring",
  hint: "Low keeps to the likeliest notes, high surprises (temperature)",
  min: 0.1,
  max: 1.5,
  step: 0.01,
  usual: 1,
};

/** A share of probability above 0. */
export const TOP_P: DialRange = {
  label: "choice",
  hint: "How many of the likely notes may be chosen: lower is safer (top-p)",
  min: 0.5,
  max: 1,
  step: 0.01,
  usual: 0.96,
};
