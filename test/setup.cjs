// The validator of aws-cdk-lib takes seconds per synthesis; `npm run synth` runs it, tests need not.
process.env.CDK_VALIDATION = 'false'
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
