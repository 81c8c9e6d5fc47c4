include "nodes.h";

Listen () => (int socket);
Write (int socket) => (int socket);
Send (int socket) => ();

source Listen => Report;
Report = Write -> Send;
atomic Report: {
  row_0, row_1, row_2, row_3, row_4, row_5, row_6, row_7, row_8, row_9,
  row_10, row_11, row_12, row_13, row_14, row_15, row_16, row_17, row_18, row_19,
  row_20, row_21, row_22, row_23, row_24, row_25, row_26, row_27, row_28, row_29,
  row_30, row_31, row_32, row_33, row_34, row_35, row_36, row_37, row_38, row_39,
  row_40, row_41, row_42, row_43, row_44, row_45, row_46, row_47, row_48, row_49,
  row_50, row_51, row_52, row_53, row_54, row_55, row_56, row_57, row_58, row_59,
  row_60, row_61, row_62, row_63, row_64, row_65, row_66, row_67, row_68, row_69,
  row_70, row_71, row_72, row_73, row_74, row_75, row_76, row_77, row_78, row_79,
  row_80, row_81, row_82, row_83, row_84, row_85, row_86, row_87, row_88, row_89,
  row_90, row_91, row_92, row_93, row_94, row_95, row_96, row_97, row_98, row_99,
  row_100, row_101, row_102, row_103, row_104, row_105, row_106, row_107, row_108, row_109,
  row_110, row_111, row_112, row_113, row_114, row_115, row_116, row_117, row_118, row_119,
  row_120, row_121, row_122, row_123, row_124, row_125, row_126, row_127, row_128, row_129,
  row_130, row_131, row_132, row_133, row_134, row_135, row_136, row_137, row_138, row_139,
  row_140, row_141, row_142, row_143, row_144, row_145, row_146, row_147, row_148, row_149,
  row_150, row_151, row_152, row_153, row_154, row_155, row_156, row_157, row_158, row_159,
  row_160, row_161, row_162, row_163, row_164, row_165, row_166, row_167, row_168, row_169,
  row_170, row_171, row_172, row_173, row_174, row_175, row_176, row_177, row_178, row_179,
  row_180, row_181, row_182, row_183, row_184, row_185, row_186, row_187, row_188, row_189,
  row_190, row_191, row_192, row_193, row_194, row_195, row_196, row_197, row_198, row_199
};
atomic Write: {
  cell_0, cell_1, cell_2, cell_3, cell_4, cell_5, cell_6, cell_7, cell_8, cell_9,
  cell_10, cell_11, cell_12, cell_13, cell_14, cell_15, cell_16, cell_17, cell_18, cell_19,
  cell_20, cell_21, cell_22, cell_23, cell_24, cell_25, cell_26, cell_27, cell_28, cell_29,
  cell_30, cell_31, cell_32, cell_33, cell_34, cell_35, cell_36, cell_37, cell_38, cell_39,
  cell_40, cell_41, cell_42, cell_43, cell_44, cell_45, cell_46, cell_47, cell_48, cell_49,
  cell_50, cell_51, cell_52, cell_53, cell_54, cell_55, cell_56, cell_57, cell_58, cell_59,
  cell_60, cell_61, cell_62, cell_63, cell_64, cell_65, cell_66, cell_67, cell_68, cell_69,
  cell_70, cell_71, cell_72, cell_73, cell_74, cell_75, cell_76, cell_77, cell_78, cell_79,
  cell_80, cell_81, cell_82, cell_83, cell_84, cell_85, cell_86, cell_87, cell_88, cell_89,
  cell_90, cell_91, cell_92, cell_93, cell_94, cell_95, cell_96, cell_97, cell_98, cell_99
};
atomic Send: {row_1};
