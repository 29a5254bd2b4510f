import { bentPooling } from "./bent_pooling.ts";
import type { OperatorFamily } from "../operator.ts";
import { positionPooling } from "./position_pooling.ts";
import { proposals } from "./proposals.ts";
import { turnedPooling } from "./turned_pooling.ts";

/** Regions of two-stage detectors: where they are and what lies in them. */
export const regionPoolings: OperatorFamily = {
  title: "Regions of two-stage detectors",
  operators: {
    _contrib_Proposal: {
      convert: proposals,
      aliases: ["_contrib_MultiProposal"],
      inputs: ["cls_prob", "bbox_pred", "im_info"],
      outputs: ["output", "score"],
    },
    _contrib_PSROIPooling: {
      convert: positionPooling,
      inputs: ["data", "rois"],
      outputs: ["output", "mapping_channel"],
    },
    _contrib_DeformablePSROIPooling: {
      convert: bentPooling,
      inputs: ["data", "rois", "trans"],
      outputs: ["output", "top_count"],
    },
    _contrib_RROIAlign: {
      convert: turnedPooling,
      inputs: ["data", "rois"],
      outputs: ["output"],
    },
  },
};
