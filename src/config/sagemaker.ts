/**
 * What `--mms-config sagemaker` stands for: one port for everything, settings
 * from the variables that the SageMaker inference toolkit sets.
 */
export const SAGEMAKER_PROPERTIES = `
model_store=$$SAGEMAKER_MODEL_STORE$$
inference_address=http://0.0.0.0:$$SAGEMAKER_BIND_TO_PORT$$
management_address=http://0.0.0.0:$$SAGEMAKER_BIND_TO_PORT$$
management_authentication=false
default_response_timeout=$$SAGEMAKER_RESPONSE_TIMEOUT$$
unregister_model_timeout=$$SAGEMAKER_RESPONSE_TIMEOUT$$
default_workers_per_model=$$SAGEMAKER_NUM_MODEL_WORKERS$$
default_service_handler=$$SAGEMAKER_HANDLER$$
max_response_size=$$SAGEMAKER_MAX_RESPONSE_SIZE$$
max_request_size=$$SAGEMAKER_MAX_REQUEST_SIZE$$
decode_input_request=false
`;
