"""As archives have it beside their services: `mms.utils.mxnet` under another name."""
