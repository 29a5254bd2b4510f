import { VERSION } from "../../version.ts";
import mmsPackage from "./mms/__init__.py" with { type: "text" };
import mmsContext from "./mms/context.py" with { type: "text" };
import mmsExportModel from "./mms/export_model.py" with { type: "text" };
import mmsLog from "./mms/log.py" with { type: "text" };
import mmsMetricsPackage from "./mms/metrics/__init__.py" with { type: "text" };
import mmsMetricsDimension from "./mms/metrics/dimension.py" with {
  type: "text",
};
import mmsMetricsMetric from "./mms/metrics/metric.py" with { type: "text" };
import mmsMetricsMetricsStore from "./mms/metrics/metrics_store.py" with {
  type: "text",
};
import mmsMetricsUnit from "./mms/metrics/unit.py" with { type: "text" };
import mmsModelServicePackage from "./mms/model_service/__init__.py" with {
  type: "text",
};
import mmsModelServiceGluonBaseService from "./mms/model_service/gluon_base_service.py" with {
  type: "text",
};
import mmsModelServiceGluonVisionService from "./mms/model_service/gluon_vision_service.py" with {
  type: "text",
};
import mmsModelServiceGraph from "./mms/model_service/graph.py" with {
  type: "text",
};
import mmsModelServiceModelFiles from "./mms/model_service/model_files.py" with {
  type: "text",
};
import mmsModelServiceModelService from "./mms/model_service/model_service.py" with {
  type: "text",
};
import mmsModelServiceMxnetHandler from "./mms/model_service/mxnet_handler.py" with {
  type: "text",
};
import mmsModelServiceMxnetModelService from "./mms/model_service/mxnet_model_service.py" with {
  type: "text",
};
import mmsModelServiceMxnetModule from "./mms/model_service/mxnet_module.py" with {
  type: "text",
};
import mmsModelServiceMxnetVisionService from "./mms/model_service/mxnet_vision_service.py" with {
  type: "text",
};
import mmsModelServiceOwnGraph from "./mms/model_service/own_graph.py" with {
  type: "text",
};
import mmsService from "./mms/service.py" with { type: "text" };
import mmsUtilsPackage from "./mms/utils/__init__.py" with { type: "text" };
import mmsUtilsMxnetPackage from "./mms/utils/mxnet/__init__.py" with {
  type: "text",
};
import mmsUtilsMxnetArray from "./mms/utils/mxnet/array.py" with {
  type: "text",
};
import mmsUtilsMxnetImage from "./mms/utils/mxnet/image.py" with {
  type: "text",
};
import mmsUtilsMxnetNdarray from "./mms/utils/mxnet/ndarray.py" with {
  type: "text",
};
import mmsUtilsMxnetNlp from "./mms/utils/mxnet/nlp.py" with { type: "text" };
import mmsUtilsMxnetTaps from "./mms/utils/mxnet/taps.py" with { type: "text" };
import mmsUtilsTimeitDecorator from "./mms/utils/timeit_decorator.py" with {
  type: "text",
};
import mmsWorkerPackage from "./mms/worker/__init__.py" with { type: "text" };
import mmsWorkerAnswers from "./mms/worker/answers.py" with { type: "text" };
import mmsWorkerConnection from "./mms/worker/connection.py" with {
  type: "text",
};
import mmsWorkerEnvironment from "./mms/worker/environment.py" with {
  type: "text",
};
import mmsWorkerGraph from "./mms/worker/graph.py" with { type: "text" };
import mmsWorkerHandler from "./mms/worker/handler.py" with { type: "text" };
import mmsWorkerInputs from "./mms/worker/inputs.py" with { type: "text" };
import mmsWorkerLegacy from "./mms/worker/legacy.py" with { type: "text" };
import mmsWorkerLog from "./mms/worker/log.py" with { type: "text" };
import mmsWorkerMain from "./mms/worker/main.py" with { type: "text" };
import mmsWorkerOrderLoop from "./mms/worker/order_loop.py" with {
  type: "text",
};
import mmsWorkerReport from "./mms/worker/report.py" with { type: "text" };
import mmsWorkerStock from "./mms/worker/stock.py" with { type: "text" };
import mxnetUtilsPackage from "./mxnet_utils/__init__.py" with { type: "text" };
import mxnetUtilsImage from "./mxnet_utils/image.py" with { type: "text" };
import mxnetUtilsNdarray from "./mxnet_utils/ndarray.py" with { type: "text" };
import mxnetUtilsNlp from "./mxnet_utils/nlp.py" with { type: "text" };
import worker from "./worker.py" with { type: "text" };

/**
 * The text of every file of the Python package, by its path: the worker, and
 * what services import.
 */
export const PACKAGE_FILES: Readonly<Record<string, string>> = {
  "mms/__init__.py": mmsPackage,
  "mms/context.py": mmsContext,
  "mms/export_model.py": mmsExportModel,
  "mms/log.py": mmsLog,
  "mms/metrics/__init__.py": mmsMetricsPackage,
  "mms/metrics/dimension.py": mmsMetricsDimension,
  "mms/metrics/metric.py": mmsMetricsMetric,
  "mms/metrics/metrics_store.py": mmsMetricsMetricsStore,
  "mms/metrics/unit.py": mmsMetricsUnit,
  "mms/model_service/__init__.py": mmsModelServicePackage,
  "mms/model_service/gluon_base_service.py": mmsModelServiceGluonBaseService,
  "mms/model_service/gluon_vision_service.py":
    mmsModelServiceGluonVisionService,
  "mms/model_service/graph.py": mmsModelServiceGraph,
  "mms/model_service/model_files.py": mmsModelServiceModelFiles,
  "mms/model_service/model_service.py": mmsModelServiceModelService,
  "mms/model_service/mxnet_handler.py": mmsModelServiceMxnetHandler,
  "mms/model_service/mxnet_model_service.py": mmsModelServiceMxnetModelService,
  "mms/model_service/mxnet_module.py": mmsModelServiceMxnetModule,
  "mms/model_service/mxnet_vision_service.py":
    mmsModelServiceMxnetVisionService,
  "mms/model_service/own_graph.py": mmsModelServiceOwnGraph,
  "mms/service.py": mmsService,
  "mms/utils/__init__.py": mmsUtilsPackage,
  "mms/utils/mxnet/__init__.py": mmsUtilsMxnetPackage,
  "mms/utils/mxnet/array.py": mmsUtilsMxnetArray,
  "mms/utils/mxnet/image.py": mmsUtilsMxnetImage,
  "mms/utils/mxnet/ndarray.py": mmsUtilsMxnetNdarray,
  "mms/utils/mxnet/nlp.py": mmsUtilsMxnetNlp,
  "mms/utils/mxnet/taps.py": mmsUtilsMxnetTaps,
  "mms/utils/timeit_decorator.py": mmsUtilsTimeitDecorator,
  "mms/worker/__init__.py": mmsWorkerPackage,
  "mms/worker/answers.py": mmsWorkerAnswers,
  "mms/worker/connection.py": mmsWorkerConnection,
  "mms/worker/environment.py": mmsWorkerEnvironment,
  "mms/worker/graph.py": mmsWorkerGraph,
  "mms/worker/handler.py": mmsWorkerHandler,
  "mms/worker/inputs.py": mmsWorkerInputs,
  "mms/worker/legacy.py": mmsWorkerLegacy,
  "mms/worker/log.py": mmsWorkerLog,
  "mms/worker/main.py": mmsWorkerMain,
  "mms/worker/order_loop.py": mmsWorkerOrderLoop,
  "mms/worker/report.py": mmsWorkerReport,
  "mms/worker/stock.py": mmsWorkerStock,
  "mxnet_utils/__init__.py": mxnetUtilsPackage,
  "mxnet_utils/image.py": mxnetUtilsImage,
  "mxnet_utils/ndarray.py": mxnetUtilsNdarray,
  "mxnet_utils/nlp.py": mxnetUtilsNlp,
  "worker.py": worker,
  "mms/version.py": `"""The version of mms."""\n\n__version__ = "${VERSION}"\n`,
};
